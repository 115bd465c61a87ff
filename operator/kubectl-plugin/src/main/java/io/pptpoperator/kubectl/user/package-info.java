/** {@code kubectl pptp add-user} and {@code password}: a VpnUser with its Secret, and a new password for one. */
package io.pptpoperator.kubectl.user;
