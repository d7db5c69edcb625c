// A library that is no engine.
extern "C" __attribute__((visibility("default"))) int somethingElse();

int somethingElse() { return 1; }
