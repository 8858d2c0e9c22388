import { z } from 'zod';
import { reportedFlinksId } from '../../domain/reported-id.js';

/**
 * An id assigned by Flinks: documented as a GUID and treated as opaque. An id that does not print is invalid and could
 * not be stored.
 */
export const wireId = z.string().refine((id) => reportedFlinksId(id) !== undefined);
