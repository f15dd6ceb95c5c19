#pragma once

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
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

/// Lets a context speak TLS 1.3 and nothing older, without tickets by which a session could go on elsewhere, and write
/// from wherever the bytes lie by then. Returns whether it was taken.
static inline int copenssl_restrict(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) && SSL_CTX_set_num_tickets(context, 0);
}

/// Adds a certificate to those that are sent behind the own one; the context takes a reference of its own.
static inline int copenssl_add_chain(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

/// How many certificates a list holds; 0 of none.
static inline int copenssl_certificate_count(const STACK_OF(X509) *certificates) {
    int count = sk_X509_num(certificates);
    return count < 0 ? 0 : count;
}

/// A certificate by its place, which lies below the count.
static inline X509 *copenssl_certificate(const STACK_OF(X509) *certificates, int index) {
    return sk_X509_value(certificates, index);
}

/// The reason of the first error in the thread's queue; 0 where there is none, or it is not one of TLS.
static inline int copenssl_tls_reason(void) {
    unsigned long code = ERR_peek_error();
    return ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
}
