/**
 * The statuses and conditions of PptpServers and VpnUsers, computed from facts, and the queue through which they are
 * written within a budget.
 */
package io.pptpoperator.operator.status;
