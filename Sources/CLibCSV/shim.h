// The whole boundary to libcsv, the CSV grammar.
#ifndef IPEK_CLIBCSV_SHIM_H
#define IPEK_CLIBCSV_SHIM_H

#include <csv.h>

#endif
