/** What all measurements on whole processes use: network namespaces, programs, samples. */
package io.pptpoperator.benchmarks.lab;
