#pragma once
#include <stdint.h>

// OpenVINO is loaded when it is first wanted, so its own headers are not needed to build. These are the structs of its C
// API (2026.4) that functions take by value or as arrays; everything else crosses as opaque pointers.
typedef struct { int64_t rank; int64_t *dims; } covino_shape;
typedef struct { const char *key; const void *value; } covino_property;
