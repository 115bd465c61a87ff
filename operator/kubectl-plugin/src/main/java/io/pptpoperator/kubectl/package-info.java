/**
 * {@code kubectl pptp}: what people ask about VPNs day by day, on top of the resources. Each subcommand has a package
 * of its own, in which one class is the command and talks to the cluster; the others turn what was found into text, and
 * ask nobody.
 */
package io.pptpoperator.kubectl;
