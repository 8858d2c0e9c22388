/** The oldest Node that can run this program: major and minor version, as in `engines` of package.json. */
export const MIN_NODE = '24.16';

/** One line on what to do if a version of Node is too old; undefined if it is not. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_NODE.split('.').map(Number);
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return undefined;
  return (
    `This program needs Node ${MIN_NODE} or newer, and this is Node ${version}. Install a newer Node, ` +
    'or use an npm script: npm ci installs a Node for the scripts on most platforms.'
  );
}

/**
 * Ends the process with one line on standard error if its Node is too old. An entry point calls this before it imports
 * the program, because an older Node fails while it loads the program's imports.
 */
export function requireNode(): void {
  const problem = nodeProblem(process.versions.node);
  if (problem === undefined) return;
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
