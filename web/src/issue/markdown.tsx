import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { htmlAsText } from './html-as-text.ts';
import { linkAddress } from './safe-address.ts';

const rel = 'noopener noreferrer nofollow';

/** Everything is built as elements; HTML in the text never becomes HTML, and nothing is loaded from elsewhere. */
const components: Components = {
  a: ({ href, children }) => {
    const address = linkAddress(href ?? '');
    if (!address) return <span>{children}</span>;
    return (
      <a className="link" href={address} target="_blank" rel={rel}>
        {children}
      </a>
    );
  },
  img: ({ src, alt }) => {
    const address = linkAddress(typeof src === 'string' ? src : '');
    const words = `Image: ${alt || 'without a description'}`;
    if (!address) return <span>{words}</span>;
    return (
      <a className="link" href={address} target="_blank" rel={rel}>
        {words}
      </a>
    );
  },
  table: ({ children }) => (
    <div className="markdown-table">
      <table>{children}</table>
    </div>
  ),
};

export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className="markdown" dir="auto">
      <ReactMarkdown
        remarkPlugins={[remarkGfm, htmlAsText]}
        remarkRehypeOptions={{ clobberPrefix: 'body-' }}
        urlTransform={(address) => linkAddress(address)}
        components={components}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
