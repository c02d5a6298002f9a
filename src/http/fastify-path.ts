import { paths, type RouteId } from '../contracts/api/paths.ts';

const shapes = Object.values(paths).map(shapeOf);

/** `/runs/{id}:cancel` in Fastify's syntax: `::` is a colon, and a parameter that a verb may follow matches none. */
export function fastifyPath(id: RouteId): { method: string; url: string } {
  const [method, path] = paths[id].split(' ') as [string, string];
  const escaped = path.replaceAll(':', '::');
  const url = escaped.replace(/\{(\w+)\}/g, (parameter, name, at) => {
    const verbs = `${shapeOf(escaped.slice(0, at) + parameter)}:`;
    return shapes.some((shape) => shape.includes(` ${verbs}`)) ? `:${name}(^[^:/]+)` : `:${name}`;
  });
  return { method, url };
}

function shapeOf(path: string): string {
  return path.replace(/\{\w+\}/g, '{}');
}
