/** {@code kubectl pptp completion}: names for the shell, from the cluster. */
package io.pptpoperator.kubectl.completion;
