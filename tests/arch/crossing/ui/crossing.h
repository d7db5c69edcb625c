#include "app/storage/answer_store.h" // what the check must refuse
