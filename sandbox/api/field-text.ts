const jsonToken = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * The source text of a top-level value in a valid JSON object, such as `250.10` where JSON.parse gives 250.1.
 * `field`: the name in lower case. Names match in any case and the last one counts, as in `readFields`.
 */
export function textOfField(json: string, field: string): string | undefined {
  const tokens = json.match(jsonToken) ?? [];
  let depth = 0;
  let text: string | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (token === ':' && depth === 1 && nameOf(tokens[index - 1]) === field) text = tokens[index + 1];
  }
  return text;
}

function nameOf(token = '""'): string {
  return String(JSON.parse(token)).toLowerCase();
}
