#include <stddef.h>

// The two Fortran routines of LAPACK (liblapack) that Spectra calls; liblapack-dev brings no C header. Matrices lie
// column after column; Fortran's INTEGER has 32 bits; the lengths of the texts come last, as compilers of Fortran pass
// them.

// Eigenvalues of a symmetric matrix, ascending, in w. jobz "N": no eigenvectors. `a` is overwritten.
extern void dsyev_(
    const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
    const int *lwork, int *info, size_t jobz_length, size_t uplo_length);

// Eigenvalues of any square matrix, real parts in wr and imaginary parts in wi. jobvl, jobvr "N": no eigenvectors; vl
// and vr are not looked at. `a` is overwritten.
extern void dgeev_(
    const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda, double *wr, double *wi, double *vl,
    const int *ldvl, double *vr, const int *ldvr, double *work, const int *lwork, int *info, size_t jobvl_length,
    size_t jobvr_length);
