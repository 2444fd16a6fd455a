/** What is peculiar to components and their templates; the rest is in `.oxlintrc.json`. */
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import { parser } from 'typescript-eslint';

export default defineConfig(globalIgnores(['dist', 'coverage', 'demo/.data', 'test/.results']), {
  files: ['src/element/**/*.ts', 'src/*.ts', 'demo/**/*.ts', 'test/element/**/*.ts'],
  languageOptions: { parser },
  extends: [lit.configs['flat/recommended'], wc.configs['flat/best-practice']],
  plugins: { 'lit-a11y': litA11y },
  rules: {
    ...litA11y.configs.recommended.rules,
    'lit/no-classfield-shadowing': 'error',
    'lit/no-this-assign-in-render': 'error',
  },
});
