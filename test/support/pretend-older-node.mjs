// Preloaded into a Node, this makes it look like an older one: by its version, and by a module that it does not have.
import { registerHooks } from 'node:module';

Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === 'node:sqlite') throw new Error('this Node has no node:sqlite');
    return next(specifier, context);
  },
});
