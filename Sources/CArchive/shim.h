#pragma once
#include <archive.h>
#include <archive_entry.h>

// Macros with casts are invisible to Swift: give each a name.
static const unsigned carchive_regular_file = AE_IFREG;
static const unsigned carchive_folder = AE_IFDIR;
