// What the per-row loop needs of OpenSSL. The package's own module is not a product and cannot be used from here.
#ifndef IPEK_CBENCHMARKEVP_SHIM_H
#define IPEK_CBENCHMARKEVP_SHIM_H

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#endif
