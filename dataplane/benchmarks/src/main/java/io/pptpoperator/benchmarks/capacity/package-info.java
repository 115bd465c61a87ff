/** How many clients one server process takes: logins a second, idle sessions, and how soon after its start. */
package io.pptpoperator.benchmarks.capacity;
