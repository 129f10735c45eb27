// The whole boundary to OpenSSL's libcrypto. Nothing here but includes, and what Swift cannot call by itself.
#ifndef IPEK_COPENSSL_SHIM_H
#define IPEK_COPENSSL_SHIM_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

// OPENSSL_secure_malloc and its siblings are macros that pass __FILE__ and __LINE__; Swift sees no macro with arguments.
static inline void *ipek_secure_malloc(size_t count) { return OPENSSL_secure_malloc(count); }
static inline void ipek_secure_clear_free(void *memory, size_t count) { OPENSSL_secure_clear_free(memory, count); }

#endif
