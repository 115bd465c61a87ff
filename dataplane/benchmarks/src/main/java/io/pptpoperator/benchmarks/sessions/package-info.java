/** Many sessions: logins per second, and memory. */
package io.pptpoperator.benchmarks.sessions;
