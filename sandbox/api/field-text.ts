const jsonToken = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The text of a top-level value as it stands in a valid JSON object, such as `250.10` where JSON.parse gives 250.1.
 *  In: the field in lower case; names match in any case and the last one wins, as in the reading of fields. */
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
