import { expect, it } from 'vitest';
import { classificationOf } from '../queue/issue.fixture.ts';
import { historySentence } from './history-sentence.ts';
import { answeredBy, heaviest, whySentence } from './why-sentence.ts';

it('says the answer, how sure it is, and why', () => {
  expect(whySentence(classificationOf())).toBe('Bug, 80 % sure. A reason.');
  const whole = {
    value: 'bug',
    confidence: 0.8,
    reason: 'Bug, 80 %: “crash”.',
    evidence: [],
    source: 'local',
  } as const;
  expect(whySentence(classificationOf({ category: { ...whole, evidence: [] } }))).toBe('Bug, 80 %: “crash”.');
  const byPerson = {
    value: 'documentation',
    confidence: 1,
    reason: 'x',
    evidence: [],
    source: 'person',
  } as const;
  expect(whySentence(classificationOf({ category: { ...byPerson, evidence: [] } }))).toBe(
    'Docs, set by a person.',
  );
});

it('names who answered', () => {
  const by = (classifier: string) => answeredBy({ ...classificationOf(), classifier });
  expect(by('local@0123456789abcdef')).toBe('Answered by the local model, version 0123456789ab.');
  expect(by('openai/some-model@p3')).toBe('Answered by openai/some-model, prompt p3.');
});

it('shows what weighed most, each text once', () => {
  const evidence = [
    { text: 'crash', weight: 1 },
    { text: 'please', weight: -2 },
    { text: 'crash', weight: 3 },
    { text: 'typo', weight: 0.1 },
  ];
  expect(heaviest(evidence, 2)).toEqual([
    { text: 'crash', weight: 4, share: 1 },
    { text: 'please', weight: -2, share: 0.5 },
  ]);
  expect(heaviest([], 2)).toEqual([]);
});

it('tells history in short sentences', () => {
  const entry = { at: '', detail: null };
  expect(historySentence({ ...entry, kind: 'github', action: 'labeled', by: 'mona' })).toBe('mona: labeled');
  expect(historySentence({ ...entry, kind: 'correction', action: 'category', by: null })).toBe(
    'Somebody set the category here',
  );
});
