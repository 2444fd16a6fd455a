/** The custom-elements manifest: `npm run manifest` writes it, editors and `npm run docs` read it. */
/** Each class with its tag, and the entry that registers it. */
const ELEMENTS = {
  CheckoutEmbed: { tag: 'checkout-embed', entry: 'src/index.ts' },
  CheckoutRedirect: { tag: 'checkout-redirect', entry: 'src/redirect.ts' },
};
/** Public for the browser or for the element's own files, not for a page. */
const NOT_FOR_PAGES = ['connectedMoveCallback', 'observedAttributes', 'properties', 'styles'];

export default {
  globs: [
    'src/index.ts',
    'src/redirect.ts',
    'src/element/**/*.ts',
    'src/core/attempt-states.ts',
    'src/core/redirect-machine.ts',
    'src/protocol/vendor.ts',
  ],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [publicFace()],
};

/** Leaves what a page can use: the tags with all that it inherits, and its events, at their published paths. */
function publicFace() {
  /** Unions of words, by the name of their type. */
  const unions = new Map();
  return {
    name: 'public-face',
    analyzePhase({ ts, node }) {
      if (!ts.isTypeAliasDeclaration(node)) return;
      const words = /^\(typeof (\w+)\)\[number\]$/.exec(node.type.getText())?.[1];
      // The words of a state have a table of their own.
      if (words !== undefined && !node.name.text.endsWith('State'))
        unions.set(node.name.text, wordsOf(node.getSourceFile(), words));
      if (!ts.isUnionTypeNode(node.type)) return;
      if (node.type.types.every((type) => ts.isLiteralTypeNode(type)))
        unions.set(node.name.text, node.type.types.map((type) => type.getText()).join(' | '));
    },
    packageLinkPhase({ customElementsManifest: manifest }) {
      const classes = manifest.modules.flatMap(({ declarations }) => declarations ?? []);
      const isPublic = ({ name, superclass }) =>
        Object.hasOwn(ELEMENTS, name) || superclass?.name === 'CheckoutEvent';
      const homes = new Map(
        manifest.modules.flatMap(
          ({ path, declarations }) => declarations?.map(({ name }) => [name, path]) ?? [],
        ),
      );
      const entries = Object.values(ELEMENTS).map(({ entry }) => entry);
      manifest.modules = manifest.modules.filter(
        ({ path, declarations }) =>
          path.endsWith('/index.ts') || entries.includes(path) || declarations?.some(isPublic),
      );
      for (const module of manifest.modules) {
        module.declarations = module.declarations?.filter(isPublic);
        module.exports = module.exports?.filter(
          ({ name, declaration }) =>
            name === '*' || isPublic(classes.find((one) => one.name === declaration.name) ?? {}),
        );
        for (const { declaration } of module.exports ?? [])
          declaration.module = declaration.module?.replace(/^\.\//, module.path.replace(/[^/]*$/, ''));
        for (const [name, { tag, entry }] of Object.entries(ELEMENTS)) {
          if (module.path !== entry) continue;
          const declaration = { name, module: homes.get(name) };
          module.exports.push({ kind: 'custom-element-definition', name: tag, declaration });
        }
      }
      for (const declaration of classes.filter(isPublic)) {
        declaration.members = declaration.members?.filter(
          ({ name, privacy }) => (privacy ?? 'public') === 'public' && !NOT_FOR_PAGES.includes(name),
        );
        if (Object.hasOwn(ELEMENTS, declaration.name))
          declaration.superclass = { name: 'LitElement', package: 'lit' };
        for (const event of declaration.events ?? [])
          event.description ??= classes.find(({ name }) => name === event.type.text)?.description;
      }
      walk(manifest, (owner) => {
        // Between them and the page there is one class alone.
        delete owner.inheritedFrom;
        for (const key of ['path', 'module'])
          if (typeof owner[key] === 'string')
            owner[key] = owner[key].replace(/^\/?src\//, 'dist/').replace(/\.ts$/, '.js');
        if (typeof owner.type?.text === 'string')
          owner.type.text = owner.type.text.replace(/\b\w+\b/g, (word) => unions.get(word) ?? word);
      });
    },
  };
}

/** The words of a list such as `const STATES = ['idle', …] as const`, as a union. */
function wordsOf(file, name) {
  const list = new RegExp(`const ${name} = \\[([^\\]]*)\\] as const`).exec(file.getText())?.[1] ?? '';
  return [...list.matchAll(/'[^']+'/g)].map(([word]) => word).join(' | ');
}

function walk(value, visit) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value);
  Object.values(value).forEach((one) => walk(one, visit));
}
