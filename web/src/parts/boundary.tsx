import { Component, type ReactNode } from 'react';

interface Props {
  /** What stands in the place of children that cannot be drawn or loaded. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** Keeps a failure where it happened. React tells the console what failed. */
export class Boundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
