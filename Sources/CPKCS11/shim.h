// The types and constants of PKCS#11 2.40, from p11-kit's header. Nothing is linked: modules are loaded at run time.
#ifndef IPEK_CPKCS11_SHIM_H
#define IPEK_CPKCS11_SHIM_H

#include <p11-kit-1/p11-kit/pkcs11.h>

#endif
