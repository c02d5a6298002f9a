import { join, relative } from 'node:path';
import { type Expression, type Node, SyntaxKind } from 'typescript/unstable/ast';
import {
  isBinaryExpression,
  isCallExpression,
  isExpressionStatement,
  isPropertyAccessExpression,
} from 'typescript/unstable/ast/is';
import { API, type Checker, type Type, TypeFlags, type UnionType } from 'typescript/unstable/sync';

/**
 * Statements that drop a promise, or an array of them, of all files of a tsconfig, as `file:line`. Handled are: `await`, `void`, an
 * assignment, `.catch(...)`, `.then(..., ...)`. A FastifyReply has a `then` too, and is not waited for.
 */
export function floatingPromises(root: string): string[] {
  const api = new API({ cwd: root });
  try {
    const config = join(root, 'tsconfig.json');
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error(`${config} was not opened`);
    const { program, checker } = project;
    const own = program.getSourceFileNames().filter((name) => !relative(root, name).match(/^\.\.|node_modules/));
    return own.flatMap((name) => {
      const file = program.getSourceFile(name);
      if (!file) return [];
      const expressions = statementsOf(file).filter((expression) => !isHandled(expression));
      const types = expressions.length === 0 ? [] : checker.getTypeAtLocation(expressions);
      const floating = expressions.filter((_, i) => types[i] && dropsPromise(checker, types[i]));
      const lineOf = ({ end }: Node) => file.text.slice(0, end).split('\n').length;
      return floating.map((expression) => `${relative(root, name)}:${lineOf(expression)}`);
    });
  } finally {
    api.close();
  }
}

function statementsOf(file: Node): Expression[] {
  const found: Expression[] = [];
  const visit = (node: Node): void => {
    if (isExpressionStatement(node)) found.push(node.expression);
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

function isHandled(expression: Expression): boolean {
  if (isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
  }
  if (!isCallExpression(expression) || !isPropertyAccessExpression(expression.expression)) return false;
  const method = expression.expression.name.text;
  return (
    (method === 'catch' && expression.arguments.length === 1) ||
    (method === 'then' && expression.arguments.length === 2)
  );
}

function dropsPromise(checker: Checker, type: Type): boolean {
  if (type.flags & TypeFlags.Union) return (type as UnionType).getTypes().some((each) => dropsPromise(checker, each));
  if (!(type.flags & (TypeFlags.Object | TypeFlags.Intersection))) return false;
  if (checker.isArrayType(type))
    return checker.getTypeArguments(type as never).some((each) => dropsPromise(checker, each));
  if (checker.getPropertyOfType(type, 'then') === undefined) return false;
  return !checker.typeToString(type).startsWith('FastifyReply<');
}
