/** Has the statuses of PptpServers and VpnUsers worked out from what is known, writes those that changed, and tells Events. */
package io.pptpoperator.operator.reconciler.reporting;
