import { z } from 'zod';
import { reportedFlinksId } from '../../domain/reported-id.js';

/** An id of Flinks's: a GUID by the documents, and opaque to us. What does not print is none, and could not be stored. */
export const wireId = z.string().refine((id) => reportedFlinksId(id) !== undefined);
