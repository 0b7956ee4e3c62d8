/* Peak float32 arithmetic of this machine: fused multiply-adds in registers, nothing else.
 *     gcc -O3 -march=native -fopenmp bench/peak.c -o .build/peak && .build/peak
 * 12 independent sums hide the latency of the FMA units; vectors are as wide as the CPU's. */
#include <omp.h>
#include <stdio.h>

#ifdef __AVX512F__
enum { LANES = 16 };
#else
enum { LANES = 8 };
#endif
enum { SUMS = 12 };
typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

static double gigaflops(int threads)
{
    const long rounds = 100 * 1000 * 1000;
    float sink = 0;
    double start = omp_get_wtime();
#pragma omp parallel num_threads(threads) reduction(+ : sink)
    {
        vector sum[SUMS], factor = {0}, term = {0};
        for (int lane = 0; lane < LANES; lane++) {
            factor[lane] = 0.999f;
            term[lane] = 0.001f;
        }
        for (int k = 0; k < SUMS; k++)
            sum[k] = term * (float)k;
        for (long round = 0; round < rounds; round++)
#pragma GCC unroll 12
            for (int k = 0; k < SUMS; k++)
                sum[k] = sum[k] * factor + term;
        for (int k = 0; k < SUMS; k++)
            sink += sum[k][0];
    }
    double seconds = omp_get_wtime() - start;
    if (sink == 12345)
        puts("");
    return 2.0 * LANES * SUMS * rounds * threads / seconds / 1e9;
}

int main(void)
{
    for (int threads = 1; threads <= omp_get_num_procs(); threads *= 2) {
        double best = 0;
        for (int run = 0; run < 3; run++) {
            double now = gigaflops(threads);
            best = now > best ? now : best;
        }
        printf("%d threads: %.1f GFLOP/s\n", threads, best);
    }
}
