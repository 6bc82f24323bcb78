import { harborBugs } from './harbor-bugs.ts';
import { harborOther } from './harbor-other.ts';
import type { SampleProject } from './sample.ts';

export const harbor: SampleProject = {
  repository: {
    id: -101,
    owner: 'sample',
    name: 'harbor',
    description: 'A small registry for container images',
    language: 'Go',
  },
  issues: [...harborBugs, ...harborOther],
};
