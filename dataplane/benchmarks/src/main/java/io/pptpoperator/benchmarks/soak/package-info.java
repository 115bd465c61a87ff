/** Hours of what servers meet, and whether anything grows. */
package io.pptpoperator.benchmarks.soak;
