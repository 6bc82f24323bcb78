interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

/** HTML without its tags and comments. What it says is text like any other, and escaped as such. */
export const withoutTags = (html: string): string =>
  html
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/?[A-Za-z][^<>]*>/g, '')
    .replaceAll(/\n{3,}/g, '\n\n');

/** A remark plugin: HTML in an issue keeps its words and loses its markup. Iterative, for deep nesting. */
export function htmlAsText() {
  return (tree: Node): void => {
    const pending = [tree];
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (!node.children) continue;
      const inParagraph = node.type === 'paragraph' || node.type === 'heading';
      node.children = node.children.flatMap((child) => {
        if (child.type !== 'html') return [child];
        const text: Node = { type: 'text', value: withoutTags(child.value ?? '') };
        if (text.value?.trim() === '') return [];
        return [inParagraph ? text : { type: 'paragraph', children: [text] }];
      });
      pending.push(...node.children);
    }
  };
}
