// Says at the foot of the page, in plain words, what a reader waits for while Python starts, and what is lost where the
// browser gives the page no service worker. It only looks: nothing of the notebook depends on it.
(() => {
  const LOOK_EVERY = 500, LONG = 30, TOO_LONG = 180 // milliseconds, then seconds
  const PAGE = 'The notebook is loading.'
  const PYTHON =
    'Python is starting inside this page: about 22 MB the first time, then some seconds of work. ' +
    'You can read meanwhile; cells that you run now wait for it.'
  const NO_DRIVE =
    'All lessons run here, but Python cannot share files with this page. Lost are: files of the file list in a cell, ' +
    'and, when Python ends, files that a cell wrote, a saved key among them. '
  const WHY_ADDRESS = 'The reason: the address of this page is neither https nor localhost.'
  const WHY_BROWSER = 'The reason: this browser allows no service worker here (a private window, or a setting).'
  const begun = Date.now()

  // A line of text at the foot of the page; a screen reader hears it when it changes.
  function line(bottom) {
    const box = document.createElement('div')
    box.setAttribute('role', 'status')
    box.className = 'cookbook-start'
    box.style.cssText =
      `position: fixed; bottom: ${bottom}; left: 50%; transform: translateX(-50%); z-index: 10000; box-sizing: border-box; ` +
      'width: max-content; max-width: min(44rem, 96vw); padding: .5rem .9rem; border-radius: .4rem; font: 14px/1.4 system-ui, sans-serif; ' +
      'background: #1f2937; color: #fff; box-shadow: 0 2px 8px rgb(0 0 0 / .4)'
    document.body.append(box)
    return box
  }

  // What is missing before the first cell can run; an empty text when nothing is.
  function waitsFor() {
    const app = window.jupyterapp
    if (!app) return PAGE
    const context = app.shell.currentWidget?.sessionContext
    if (!context) return location.search.includes('path=') ? PAGE : ''
    return ['idle', 'busy'].includes(context.session?.kernel?.status) ? '' : PYTHON
  }

  function withSeconds(text) {
    const seconds = Math.round((Date.now() - begun) / 1000)
    if (seconds < LONG) return text
    const advice =
      seconds < TOO_LONG
        ? 'A slow connection or a busy machine takes longer; nothing is wrong.'
        : 'This is unusually long: look whether you are online, then load the page again.'
    return `${text} Waiting for ${seconds - (seconds % 10)} s. ${advice}`
  }

  function followTheStart() {
    const box = line('1rem')
    const timer = setInterval(() => {
      const text = waitsFor()
      if (!text) {
        clearInterval(timer)
        box.remove()
      } else if (box.textContent !== withSeconds(text)) {
        box.textContent = withSeconds(text)
      }
    }, LOOK_EVERY)
  }

  // Why this page has no drive, or an empty text. Python's drive needs a service worker, or an isolated page.
  async function whyNoDrive() {
    if (window.crossOriginIsolated) return ''
    if (!window.isSecureContext) return WHY_ADDRESS
    if (!navigator.serviceWorker) return WHY_BROWSER
    const late = new Promise(resolve => setTimeout(() => resolve(WHY_BROWSER), LONG * 1000))
    return Promise.race([navigator.serviceWorker.ready.then(() => ''), late])
  }

  async function sayWhatIsLost() {
    const why = await whyNoDrive()
    if (!why) return
    const box = line('5.5rem')
    const close = document.createElement('button')
    close.textContent = 'Close'
    close.style.cssText = 'margin-left: .7rem; font: inherit'
    close.onclick = () => box.remove()
    box.append(NO_DRIVE + why, close)
  }

  const begin = () => {
    followTheStart()
    sayWhatIsLost()
  }
  document.body ? begin() : addEventListener('DOMContentLoaded', begin)
})()
