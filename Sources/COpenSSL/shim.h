#pragma once

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// What OpenSSL 3 has as macros, which Swift does not see.

/// A list of certificates without any; nil where there is no memory.
static inline STACK_OF(X509) *copenssl_certificates(void) { return sk_X509_new_null(); }

/// Adds a certificate, which stays its owner's. Returns whether there was memory for it.
static inline int copenssl_append(STACK_OF(X509) *certificates, X509 *certificate) {
    return sk_X509_push(certificates, certificate) > 0;
}

/// Frees a list and none of its certificates.
static inline void copenssl_free_certificates(STACK_OF(X509) *certificates) { sk_X509_free(certificates); }

/// How many keys a list of revocations names; 0 of none.
static inline int copenssl_revoked_count(const STACK_OF(X509_REVOKED) *revoked) {
    int count = sk_X509_REVOKED_num(revoked);
    return count < 0 ? 0 : count;
}

/// A revocation by its place, which lies below the count.
static inline const X509_REVOKED *copenssl_revoked(const STACK_OF(X509_REVOKED) *revoked, int index) {
    return sk_X509_REVOKED_value(revoked, index);
}
