import { z } from 'zod';
import { isVisible } from '../visible-text.js';

const MAX_CHARACTERS = 256;

/** An id of Flinks's: a GUID by the documents, and opaque to us. What does not print is none, and could not be stored. */
export const wireId = z.string().max(MAX_CHARACTERS).refine(isVisible);
