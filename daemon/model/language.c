#include "model/language.h"
enum command_language language_of(struct str text, struct arena *s, struct language_marks *m) { (void)text; (void)s; (void)m; return LANGUAGE_NONE; }
bool language_words_sorted(void) { return true; }
