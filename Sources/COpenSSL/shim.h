// The whole boundary to OpenSSL's libcrypto. Nothing here but includes, and what Swift cannot call by itself.
#ifndef IPEK_COPENSSL_SHIM_H
#define IPEK_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// OPENSSL_secure_malloc and its siblings are macros that pass __FILE__ and __LINE__; Swift sees no macro with arguments.
static inline void *ipek_secure_malloc(size_t count) { return OPENSSL_secure_malloc(count); }
static inline void ipek_secure_clear_free(void *memory, size_t count) { OPENSSL_secure_clear_free(memory, count); }

// Macros made of macros, which Swift does not see.
static const int ipek_public_key = EVP_PKEY_PUBLIC_KEY;
static const int ipek_key_pair = EVP_PKEY_KEYPAIR;
// One line in the order of the name, everything but printable ASCII escaped: RFC 2253 but for its order.
static const unsigned long ipek_name_format = (ASN1_STRFLGS_RFC2253 | XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN
    | XN_FLAG_DUMP_UNKNOWN_FIELDS) & ~ASN1_STRFLGS_UTF8_CONVERT;

// RSAES-OAEP's padding (RFC 8017, 7.1) by itself, with an empty label and MGF1 of the same hash. OpenSSL 3 deprecates
// the two functions, but its EVP interface pads in ordinary memory that it frees without wiping; these work in ours.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static inline int ipek_oaep_pad(
    unsigned char *padded, int padded_count, const unsigned char *message, int count, const EVP_MD *hash)
{
    return RSA_padding_add_PKCS1_OAEP_mgf1(padded, padded_count, message, count, NULL, 0, hash, hash);
}

// The length of the message, or -1; in constant time.
static inline int ipek_oaep_unpad(
    unsigned char *message, int count, const unsigned char *padded, int padded_count, const EVP_MD *hash)
{
    return RSA_padding_check_PKCS1_OAEP_mgf1(
        message, count, padded, padded_count, padded_count, NULL, 0, hash, hash);
}

#pragma GCC diagnostic pop

#endif
