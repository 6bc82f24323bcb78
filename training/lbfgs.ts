/** Fills `gradient` at `point` and returns the loss. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  readonly iterations: number;
  /** Stops when the loss improves by less than this share. */
  readonly tolerance: number;
  readonly memory?: number;
}

/**
 * Limited-memory BFGS with a backtracking (Armijo) line search; Nocedal and Wright, Numerical Optimization, 7.2.
 * Minimises in place, deterministic.
 */
export function minimise(objective: Objective, point: Float64Array, options: LbfgsOptions): number {
  const n = point.length;
  const memory = options.memory ?? 8;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  const rho: number[] = [];
  let gradient = new Float64Array(n);
  let nextGradient = new Float64Array(n);
  const direction = new Float64Array(n);
  const trial = new Float64Array(n);
  let loss = objective(point, gradient);
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    for (let i = 0; i < n; i++) direction[i] = -gradient[i]!;
    const alpha: number[] = [];
    for (let k = steps.length - 1; k >= 0; k--) {
      alpha[k] = rho[k]! * dot(steps[k]!, direction);
      addScaled(direction, changes[k]!, -alpha[k]!);
    }
    const latest = steps.length - 1;
    if (latest >= 0) {
      const scale = 1 / (rho[latest]! * dot(changes[latest]!, changes[latest]!));
      for (let i = 0; i < n; i++) direction[i] = direction[i]! * scale;
    }
    for (let k = 0; k < steps.length; k++) {
      addScaled(direction, steps[k]!, alpha[k]! - rho[k]! * dot(changes[k]!, direction));
    }
    const slope = dot(gradient, direction);
    if (slope >= 0) break;
    let size = latest >= 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    let nextLoss = loss;
    for (let attempt = 0; attempt < 25; attempt++) {
      for (let i = 0; i < n; i++) trial[i] = point[i]! + size * direction[i]!;
      nextLoss = objective(trial, nextGradient);
      if (nextLoss <= loss + 1e-4 * size * slope) break;
      size /= 2;
    }
    if (!(nextLoss < loss)) break;
    const reuse = steps.length === memory;
    const step = reuse ? steps.shift()! : new Float64Array(n);
    const change = reuse ? changes.shift()! : new Float64Array(n);
    if (reuse) rho.shift();
    for (let i = 0; i < n; i++) {
      step[i] = trial[i]! - point[i]!;
      change[i] = nextGradient[i]! - gradient[i]!;
      point[i] = trial[i]!;
    }
    const curvature = dot(step, change);
    if (curvature > 1e-12) {
      steps.push(step);
      changes.push(change);
      rho.push(1 / curvature);
    }
    [gradient, nextGradient] = [nextGradient, gradient];
    const gain = (loss - nextLoss) / Math.max(1e-12, Math.abs(loss));
    loss = nextLoss;
    if (gain < options.tolerance) break;
  }
  return loss;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(to: Float64Array, from: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + scale * from[i]!;
}
