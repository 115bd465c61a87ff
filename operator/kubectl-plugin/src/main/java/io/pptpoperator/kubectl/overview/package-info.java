/** {@code kubectl pptp get}: servers and users with what is known to be true of them now. */
package io.pptpoperator.kubectl.overview;
