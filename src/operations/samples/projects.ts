import { harbor } from './harbor.ts';
import { hostile } from './hostile.ts';
import { quill } from './quill.ts';
import type { SampleProject } from './sample.ts';
import { tern } from './tern.ts';

export const sampleProjects: readonly SampleProject[] = [harbor, quill, tern, hostile];
