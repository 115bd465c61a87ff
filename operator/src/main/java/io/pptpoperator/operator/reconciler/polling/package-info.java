/** Asks pods for sessions and logins, again and again, and ends sessions that are too many or that somebody ordered to end. */
package io.pptpoperator.operator.reconciler.polling;
