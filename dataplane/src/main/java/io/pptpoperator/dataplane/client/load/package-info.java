/** Many simulated clients in one process, without TUN devices: logins, traffic, churn, and what it all cost in time. */
package io.pptpoperator.dataplane.client.load;
