/** A storage for one file of tests: without its second file an element shows nothing that may have been paid before. */

/** Other files of tests share the page's own storage, and keep attempts there. */
export function ownStorage(): Storage {
  const methods = {
    getItem: (key: string) => (storage as Record<string, string>)[key] ?? null,
    setItem: (key: string, value: string) => Object.assign(storage, { [key]: value }),
    removeItem: (key: string) => Reflect.deleteProperty(storage, key),
  };
  const storage = Object.create(methods) as Storage;
  return storage;
}
