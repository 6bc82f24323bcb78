import { Link, useRouterState } from '@tanstack/react-router';
import Inbox from 'lucide-react/icons/inbox';
import Keyboard from 'lucide-react/icons/keyboard';
import Monitor from 'lucide-react/icons/monitor';
import Moon from 'lucide-react/icons/moon';
import Plug from 'lucide-react/icons/plug';
import Sun from 'lucide-react/icons/sun';
import { usePage } from './page-context.ts';
import { chooseTheme, nextTheme, type Theme, useTheme } from './theme.ts';

const icon = { size: 18, strokeWidth: 1.75, 'aria-hidden': true } as const;
const themes: Readonly<Record<Theme, { readonly Icon: typeof Sun; readonly label: string }>> = {
  system: { Icon: Monitor, label: "The system's theme" },
  light: { Icon: Sun, label: 'Light theme' },
  dark: { Icon: Moon, label: 'Dark theme' },
};

export function Rail() {
  const { interaction } = usePage();
  const theme = useTheme();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { Icon, label } = themes[theme];
  const inSetup = path.startsWith('/setup');
  return (
    <nav className="rail" aria-label="Main">
      <Link
        className="rail-item"
        to="/"
        title="Queue"
        aria-label="Queue"
        aria-current={inSetup ? undefined : 'page'}
      >
        <Inbox {...icon} />
      </Link>
      <Link
        className="rail-item"
        to="/setup"
        title="Setup and deliveries"
        aria-label="Setup and deliveries"
        aria-current={inSetup ? 'page' : undefined}
      >
        <Plug {...icon} />
      </Link>
      <span className="rail-space" />
      <button
        type="button"
        className="rail-item"
        title={`${label}. Press to change`}
        aria-label={`${label}. Press to change`}
        onClick={() => chooseTheme(nextTheme(theme))}
      >
        <Icon {...icon} />
      </button>
      <button
        type="button"
        className="rail-item"
        title="Keys (?)"
        aria-label="Keys"
        onClick={() => interaction.set({ overlay: 'keys' })}
      >
        <Keyboard {...icon} />
      </button>
    </nav>
  );
}
