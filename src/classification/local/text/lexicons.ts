import { hashWord } from './fnv.ts';

/**
 * Small word lists that say the same in every repository, so that a signal carries to repositories whose own words
 * were never seen. One bit a list.
 */
export const lexicon = {
  trouble: 1,
  request: 2,
  question: 4,
  documentation: 8,
  negation: 16,
  modal: 32,
  firstPerson: 64,
  thanks: 128,
  reproduce: 256,
  expected: 512,
  environment: 1024,
  headingRequest: 2048,
  headingQuestion: 4096,
} as const;

const lists: Readonly<Record<keyof typeof lexicon, string>> = {
  trouble:
    'bug bugs error errors exception exceptions crash crashes crashed crashing fail fails failed failing failure broken breaks broke wrong incorrect incorrectly invalid unexpected unexpectedly regression segfault hang hangs freeze freezes frozen stuck leak leaks panic traceback undefined missing lost corrupt corrupted glitch glitchy flicker flickers flickering unable issue problem weird',
  request:
    'add adding support allow allows feature features request enhancement improve improvement improvements implement implementation option proposal propose suggestion suggest consider introduce provide expose enable ability extend wish idea nice useful helpful',
  question:
    'how why what when where which who whether question questions help clarify clarification explain explanation understand wondering possible anyone advice confused ask asking recommend',
  documentation:
    'doc docs documentation readme typo typos tutorial tutorials guide guides wiki changelog javadoc docstring docstrings documented undocumented misspelling misspelled grammar wording spelling faq example examples reference manual page website',
  negation:
    'not no cannot cant dont doesnt didnt wont isnt arent wasnt wouldnt couldnt shouldnt never nothing without none',
  modal: 'would could should might may can will want need like',
  firstPerson: 'i im ive id my me we our us',
  thanks: 'thanks thank please appreciate appreciated cheers hi hello hey',
  reproduce: 'reproduce reproduction repro steps reproducible reproducer',
  expected: 'expected actual behavior behaviour',
  environment: 'environment version versions system os platform browser device',
  headingRequest: 'solution alternatives feature proposal motivation request describe suggestion idea',
  headingQuestion: 'question questions',
};

const size = 1024;
const keys = new Uint32Array(size);
const bits = new Uint16Array(size);

for (const [name, words] of Object.entries(lists)) {
  for (const word of words.split(' ')) {
    const hash = hashWord(word);
    let at = hash & (size - 1);
    while (keys[at] !== 0 && keys[at] !== hash) at = (at + 1) & (size - 1);
    keys[at] = hash;
    bits[at] = bits[at]! | lexicon[name as keyof typeof lexicon];
  }
}

/** The lists that a word's hash stands in, as bits; 0 for most words. */
export function lexiconsOf(hash: number): number {
  let at = hash & (size - 1);
  while (keys[at] !== 0) {
    if (keys[at] === hash) return bits[at]!;
    at = (at + 1) & (size - 1);
  }
  return 0;
}
