/** Tables and quantities as people read them. */
package io.pptpoperator.kubectl.text;
