"""Free-mail domains: an address with one of these says nothing of its owner's company."""

_DOMAINS = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com
    mac.com aol.com gmx.com gmx.net gmx.de web.de t-online.de freenet.de mail.com mail.ru yandex.com yandex.ru
    proton.me protonmail.com zoho.com qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net orange.fr
    wanadoo.fr free.fr laposte.net libero.it virgilio.it alice.it tin.it uol.com.br bol.com.br terra.com.br
    ig.com.br wp.pl o2.pl onet.pl interia.pl op.pl seznam.cz centrum.cz rediffmail.com btinternet.com comcast.net
    verizon.net att.net sbcglobal.net bellsouth.net cox.net shaw.ca rogers.com bigpond.com telia.com
"""

FREE_MAIL = frozenset(_DOMAINS.split())
"""In lower case."""
