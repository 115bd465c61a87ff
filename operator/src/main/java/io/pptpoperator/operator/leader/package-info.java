/** Which of several operators leads (a Lease), and the fence that lets nobody write without it. */
package io.pptpoperator.operator.leader;
