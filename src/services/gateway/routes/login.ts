import { z } from 'zod';
import type { Clock } from '../../../effects/clock.ts';
import type { App } from '../gateway-context.ts';
import { Attempts } from '../security/attempts.ts';
import { equalSecrets, makeSession, sessionCookie, sessionMs } from '../security/session.ts';

const form = (message: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · DispatchAI</title>
<h1>DispatchAI</h1>
<p role="status">${message}</p>
<form method="post" action="/login">
<label>Token <input type="password" name="token" autocomplete="current-password" autofocus required></label>
<button>Sign in</button>
</form>
</html>`;

/** The page's way in where a token is required: a form, and a cookie that is not the token. */
export function login(app: App, token: string, clock: Clock): void {
  const attempts = new Attempts();

  app.get('/login', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/html')
      .header('cache-control', 'no-store')
      .send(form('The token is in DISPATCHAI_TOKEN.')),
  );

  app.post(
    '/login',
    { schema: { hide: true, body: z.object({ token: z.string().max(1_000) }) } },
    async (request, reply) => {
      reply.type('text/html').header('cache-control', 'no-store');
      const now = clock.monotonic();
      if (!attempts.allowed(now)) {
        return reply
          .code(429)
          .header('retry-after', '60')
          .send(form('Too many wrong tokens. Try again in a minute.'));
      }
      if (!equalSecrets(request.body.token, token)) {
        attempts.failed(now);
        return reply.code(401).send(form('That is not the token.'));
      }
      return reply
        .setCookie(sessionCookie, makeSession(token, clock.now()), {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: request.protocol === 'https',
          maxAge: sessionMs / 1_000,
        })
        .redirect('/', 303);
    },
  );
}
