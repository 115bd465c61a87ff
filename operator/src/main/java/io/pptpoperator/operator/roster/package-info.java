/**
 * Which users a server takes, and why not the others. Pure: resources and Secrets in, a verdict for each user out.
 */
package io.pptpoperator.operator.roster;
