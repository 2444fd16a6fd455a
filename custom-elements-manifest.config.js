/** The custom-elements manifest: `npm run manifest` writes it, editors and `npm run docs` read it. */
const TAG = 'checkout-embed';
const CLASS = 'CheckoutEmbed';
/** Public for the browser or for the element's own files, not for a page. */
const NOT_FOR_PAGES = ['connectedMoveCallback', 'observedAttributes', 'properties', 'styles'];

export default {
  globs: ['src/index.ts', 'src/element/**/*.ts', 'src/core/attempt-states.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [publicFace()],
};

/** Leaves what a page can use: the tag with all that it inherits, and its events, at their published paths. */
function publicFace() {
  /** Unions of words, by the name of their type. */
  const unions = new Map();
  return {
    name: 'public-face',
    analyzePhase({ ts, node }) {
      if (!ts.isTypeAliasDeclaration(node) || !ts.isUnionTypeNode(node.type)) return;
      if (node.type.types.every((type) => ts.isLiteralTypeNode(type)))
        unions.set(node.name.text, node.type.types.map((type) => type.getText()).join(' | '));
    },
    packageLinkPhase({ customElementsManifest: manifest }) {
      const classes = manifest.modules.flatMap(({ declarations }) => declarations ?? []);
      const isPublic = ({ name, superclass }) => name === CLASS || superclass?.name === 'CheckoutEvent';
      const home = manifest.modules.find(({ declarations }) =>
        declarations?.some((one) => one.name === CLASS),
      );
      manifest.modules = manifest.modules.filter(
        ({ path, declarations }) => path.endsWith('/index.ts') || declarations?.some(isPublic),
      );
      for (const module of manifest.modules) {
        module.declarations = module.declarations?.filter(isPublic);
        module.exports = module.exports?.filter(
          ({ name, declaration }) =>
            name === '*' || isPublic(classes.find((one) => one.name === declaration.name) ?? {}),
        );
        for (const { declaration } of module.exports ?? [])
          declaration.module = declaration.module?.replace(/^\.\//, module.path.replace(/[^/]*$/, ''));
        if (module.path === 'src/index.ts') {
          const declaration = { name: CLASS, module: home.path };
          module.exports.push({ kind: 'custom-element-definition', name: TAG, declaration });
        }
      }
      for (const declaration of classes.filter(isPublic)) {
        declaration.members = declaration.members?.filter(
          ({ name, privacy }) => (privacy ?? 'public') === 'public' && !NOT_FOR_PAGES.includes(name),
        );
        if (declaration.name === CLASS) declaration.superclass = { name: 'LitElement', package: 'lit' };
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

function walk(value, visit) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value);
  Object.values(value).forEach((one) => walk(one, visit));
}
